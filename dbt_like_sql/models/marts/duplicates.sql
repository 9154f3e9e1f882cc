-- The group of works that each loop belongs to. Two files are one group when they share two or more loops of some
-- length (the same notes, in any key): one shared bar of repeated notes is chance, and a loop that many files share
-- (four on the floor) says nothing of kinship, so neither chains works together. Equal loops of different groups cannot
-- leak: only one of each set of equals is used, `rank_among_equals` = 1.
with recursive telling as (
    select fingerprint
    from {{ ref('stg_loops') }}
    where notes >= 8
    group by fingerprint
    having count(distinct sha256) between 2 and 8
),

occurrences as (
    select distinct loops.fingerprint, loops.sha256
    from {{ ref('stg_loops') }} as loops
    inner join telling on telling.fingerprint = loops.fingerprint
),

kin as (
    select one.sha256 as work, other.sha256 as relative
    from occurrences as one
    inner join occurrences as other on other.fingerprint = one.fingerprint and other.sha256 <> one.sha256
    group by one.sha256, other.sha256
    having count(*) >= 2
),

reached as (
    select distinct sha256 as work, sha256 as root from {{ ref('stg_loops') }}
    union
    select kin.relative as work, reached.root
    from reached
    inner join kin on kin.work = reached.work
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
        order by loops.cleared desc, loops.score desc, loops.loop_id
    ) as rank_among_equals
from {{ ref('stg_loops') }} as loops
inner join roots on roots.work = loops.sha256
inner join frequency on frequency.fingerprint = loops.fingerprint
