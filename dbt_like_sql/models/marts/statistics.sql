-- What the mix is made of.
select
    dataset,
    split,
    contract,
    role,
    coalesce(style, 'unknown') as style,
    count(*) as loops,
    count(distinct sha256) as files,
    count(distinct work_group) as work_groups
from {{ ref('mix') }}
group by dataset, split, contract, role, coalesce(style, 'unknown')
