-- The groups of works that are used, and the split that each is in.
select
    work_group,
    any_value(split) as split,
    count(*) as files
from {{ ref('file_splits') }}
where split is not null
group by work_group
