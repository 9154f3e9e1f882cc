-- The group of works that each loop belongs to, and why it is not used, if it is not. Of equals (the same notes, in any
-- key) and of near equals (most bands of the MinHash signature) one is used: in train where one of them is in train,
-- so that no test is of what was taught; then the best. A loop that is everywhere has relatives in train by nature, so
-- it is used there alone. Near equals are found by the first loop of each band, not pair by pair: a loop goes of which
-- most bands are those of better ones, be it one or several, so that no two that are left share as many.
with frequency as (
    select fingerprint, count(distinct sha256) as works from {{ ref('stg_loops') }} group by fingerprint
),

placed as (
    select
        loops.loop_id,
        loops.fingerprint,
        loops.contract,
        loops.score,
        loops.cleared,
        files.work_group,
        files.split,
        files.left_out,
        frequency.works
    from {{ ref('stg_loops') }} as loops
    inner join frequency on frequency.fingerprint = loops.fingerprint
    inner join {{ ref('file_splits') }} as files on files.sha256 = loops.sha256
),

usable as (
    select
        loop_id,
        fingerprint,
        contract,
        row_number() over (order by split = 'train' desc, score desc, loop_id) as place
    from placed
    where cleared and split is not null and (works <= {{ var('common_files') }} or split = 'train')
),

firsts as (
    select
        fingerprint,
        contract,
        min(place) as place,
        arg_min(loop_id, place) as loop_id
    from usable
    group by fingerprint, contract
),

bands as (
    select
        firsts.place,
        unnest(loops.near) as band
    from firsts
    inner join {{ source('lake', 'loops') }} as loops on loops.loop_id = firsts.loop_id
),

leaders as (
    select band, min(place) as leader
    from bands
    group by band
    having count(*) > 1
),

led as (
    select bands.place
    from bands
    inner join leaders on leaders.band = bands.band
    where leaders.leader < bands.place
    group by bands.place
    having count(*) >= {{ var('equal_bands') }}
)

select
    placed.loop_id,
    placed.work_group,
    placed.fingerprint,
    placed.works,
    case
        when not placed.cleared then 'not cleared'
        when placed.left_out is not null then placed.left_out
        when usable.loop_id is null then 'common property'
        when firsts.place <> usable.place then 'an equal is used'
        when led.place is not null then 'a near equal is used'
    end as left_out
from placed
left join usable on usable.loop_id = placed.loop_id
left join firsts on firsts.fingerprint = usable.fingerprint and firsts.contract = usable.contract
left join led on led.place = firsts.place
