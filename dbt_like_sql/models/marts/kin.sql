-- Pairs of files that have two or more loops in common: the same notes in any key, or nearly the same, also later
-- in the bar. Nearly means that enough bands of the loop's MinHash signature are found in the other file (locality-sensitive
-- hashing: Indyk and Motwani 1998; Broder 1997). One shared bar of repeated notes is chance, so a loop tells only from
-- some length on; and what is in many files (four on the floor) is common property, a loop as well as a band, so it
-- chains no works together. A loop is held against files and never against loops: the work grows with the loops, not
-- with their pairs.
with files as (
    select sha256, cast(row_number() over (order by sha256) as integer) as file from {{ ref('stg_files') }}
),

played as (
    select loops.fingerprint, files.file, any_value(loops.near) as near
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
    select played.file, played.near, frequency.shape, frequency.files
    from played
    inner join frequency on frequency.fingerprint = played.fingerprint
    where frequency.files <= {{ var('common_files') }}
),

equals as (
    select one.shape, one.file, other.file as relative
    from telling as one
    inner join telling as other on other.shape = one.shape and other.file <> one.file
    where one.files > 1
),

bands as (
    select shape, file, unnest(near) as band from telling
),

-- Most bands are in one file alone: they go before anything is counted.
shared as (
    select band from bands group by band having min(file) <> max(file)
),

places as (
    select distinct bands.band, bands.file, bands.shape
    from bands
    inner join shared on shared.band = bands.band
),

uncommon as (
    select band from places group by band having count(distinct file) <= {{ var('common_files') }}
),

told as (
    select places.* from places inner join uncommon on uncommon.band = places.band
),

nearly as (
    select one.shape, one.file, other.file as relative
    from told as one
    inner join (select distinct band, file from told) as other on other.band = one.band and other.file <> one.file
    group by one.shape, one.file, other.file
    having count(distinct one.band) >= {{ var('kin_bands') }}
),

related as (
    select file, relative, count(distinct shape) as loops
    from (select * from equals union all select * from nearly) as either
    group by file, relative
    having count(distinct shape) >= {{ var('kin_loops') }}
)

select one.sha256, other.sha256 as relative, least(there.loops, back.loops) as loops
from related as there
inner join related as back on back.file = there.relative and back.relative = there.file
inner join files as one on one.file = there.file
inner join files as other on other.file = there.relative
where there.file < there.relative
