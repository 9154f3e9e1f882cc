-- What the gate kept out, and in which words: it leaves out and reports, it never fails.
select
    dataset,
    cleared,
    rule,
    reason,
    count(*) as loops,
    count(distinct sha256) as files
from {{ ref('stg_loops') }}
group by dataset, cleared, rule, reason
