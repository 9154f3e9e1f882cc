-- Pairs of files that have loops in common: the same notes in any key, or nearly the same, also later in the bar.
-- Nearly means that enough bands of the loop's MinHash signature are found in the other file (locality-sensitive
-- hashing: Indyk and Motwani 1998; Broder 1997). One shared bar of repeated notes is chance, so a loop tells only from
-- some length on. Of what few files have, a loop as well as a band, two in common are enough. Of what many have, as a
-- work in many versions is in many, more are asked for: a groove or two is what a style shares. What more files have
-- than one work has versions (four on the floor) is common property and chains no works together. A loop is held
-- against files and never against loops: the work grows with the loops, not with their pairs.
with files as (
    select sha256, cast(row_number() over (order by sha256) as integer) as file from {{ ref('stg_files') }}
),

played as (
    select loops.fingerprint, files.file, min(loops.loop_id) as loop_id
    from {{ source('lake', 'loops') }} as loops
    inner join files on files.sha256 = loops.sha256
    where loops.notes >= {{ var('telling_notes') }}
    group by loops.fingerprint, files.file
),

frequency as (
    select fingerprint, count(*) as files, cast(row_number() over (order by fingerprint) as integer) as shape
    from played
    group by fingerprint
),

telling as (
    select played.file, loops.near, frequency.shape, frequency.files <= {{ var('common_files') }} as few
    from played
    inner join frequency on frequency.fingerprint = played.fingerprint
    inner join {{ source('lake', 'loops') }} as loops on loops.loop_id = played.loop_id
    where frequency.files <= {{ var('collection_files') }}
),

equals as (
    select one.shape, one.file, other.file as relative, one.few
    from telling as one
    inner join telling as other on other.shape = one.shape and other.file <> one.file
),

bands as (
    select shape, file, few, unnest(near) as band from telling
),

-- Most bands are in one file alone: they go before anything is counted.
shared as (
    select band from bands group by band having min(file) <> max(file)
),

places as (
    select distinct bands.band, bands.file, bands.shape, bands.few
    from bands
    inner join shared on shared.band = bands.band
),

spread as (
    select band, count(distinct file) <= {{ var('common_files') }} as few
    from places
    group by band
    having count(distinct file) <= {{ var('collection_files') }}
),

told as (
    select places.band, places.file, places.shape, places.few and spread.few as few
    from places
    inner join spread on spread.band = places.band
),

nearly as (
    select
        one.shape,
        one.file,
        other.file as relative,
        count(*) filter (where one.few) >= {{ var('kin_bands') }} as few
    from told as one
    inner join (select distinct band, file from told) as other on other.band = one.band and other.file <> one.file
    group by one.shape, one.file, other.file
    having count(*) >= {{ var('kin_bands') }}
),

alike as (
    select shape, file, relative, bool_or(few) as few
    from (select * from equals union all select * from nearly) as either
    group by shape, file, relative
),

-- Each of two files has its own loops that the other has too: variants of one loop are one in the other file.
related as (
    select
        least(file, relative) as file,
        greatest(file, relative) as relative,
        least(count(*) filter (where file < relative), count(*) filter (where file > relative)) as loops,
        least(
            count(*) filter (where few and file < relative), count(*) filter (where few and file > relative)
        ) as telling_loops
    from alike
    group by least(file, relative), greatest(file, relative)
)

select one.sha256, other.sha256 as relative, related.loops
from related
inner join files as one on one.file = related.file
inner join files as other on other.file = related.relative
where
    related.telling_loops >= {{ var('kin_loops') }}
    or related.loops >= {{ var('version_loops') }}
