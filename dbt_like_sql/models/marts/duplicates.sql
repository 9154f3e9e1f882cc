-- The group of works that each loop belongs to. Two files are one group when they share a loop (the same notes in any
-- key); a loop that many files share (four on the floor) says nothing of kinship and chains nothing together.
with recursive shared as (
    select fingerprint
    from {{ ref('stg_loops') }}
    group by fingerprint
    having count(distinct sha256) between 2 and 8
),

pairs as (
    select distinct
        loops.sha256 as work,
        min(loops.sha256) over (partition by loops.fingerprint) as other
    from {{ ref('stg_loops') }} as loops
    inner join shared on shared.fingerprint = loops.fingerprint
),

edges as (
    select work, other from pairs
    union
    select other as work, work as other from pairs
),

reached as (
    select distinct sha256 as work, sha256 as root from {{ ref('stg_loops') }}
    union
    select edges.other as work, reached.root
    from reached
    inner join edges on edges.work = reached.work
),

roots as (
    select work, min(root) as work_group from reached group by work
),

frequency as (
    select fingerprint, count(distinct sha256) as works from {{ ref('stg_loops') }} group by fingerprint
)

select
    loops.loop_id,
    roots.work_group,
    loops.fingerprint,
    frequency.works,
    row_number() over (
        partition by loops.fingerprint, loops.contract
        order by loops.score desc, loops.loop_id
    ) as rank_among_equals
from {{ ref('stg_loops') }} as loops
inner join roots on roots.work = loops.sha256
inner join frequency on frequency.fingerprint = loops.fingerprint
