-- One row a file that was read, wherever its bytes lie: by what it is known again in another collection, and on which
-- side its makers or the settings want it. Of a composer and a title, and of the places that it lies at, a digest is
-- kept, so that what is remembered of a file that is gone holds nobody's words.
with read as (
    select
        facts.sha256,
        substr(md5('place:' || facts.dataset || '/' || facts.path), 1, 16) as place,
        case when facts.notes >= {{ var('telling_notes') }} then nullif(facts.fingerprint, '') end as fingerprint,
        trim(
            regexp_replace(
                strip_accents(lower(facts.composer)), '[^0-9a-z\x{C0}-\x{1FFF}\x{2070}-\x{10FFFF}]+', ' ', 'g'
            )
        ) as composer,
        trim(
            regexp_replace(
                strip_accents(lower(facts.title)), '[^0-9a-z\x{C0}-\x{1FFF}\x{2070}-\x{10FFFF}]+', ' ', 'g'
            )
        ) as title,
        facts.official_split,
        raw.dataset || '/' || lower(raw.style) in ('{{ var("held_out_styles") | join("', '") }}') as held_out,
        raw.asked is not null as personal
    from {{ source('lake', 'file_facts') }} as facts
    left join {{ source('lake', 'raw_midi') }} as raw
        on raw.dataset = facts.dataset and raw.path = facts.path and raw.sha256 = facts.sha256
),

named as (
    select
        *,
        case
            when
                regexp_matches(composer, '[^0-9 ]{2}') and regexp_matches(title, '[^0-9 ]{2}')
                and not regexp_full_match(
                    composer, 'anon|anonymous|unknown|various|trad|traditional|none|artist|author|composer|n a'
                )
                and not regexp_full_match(
                    title, '(untitled|unknown|none|title|track|song|sequence|midi|music|new|test|n a)( ?[0-9]+)*'
                )
                -- "Bach, Johann Sebastian" and "Johann Sebastian Bach" are the same words
                then substr(md5(array_to_string(list_sort(string_split(composer, ' ')), ' ') || ': ' || title), 1, 16)
        end as work_key
    from read
),

works as (
    select work_key
    from named
    where work_key is not null
    group by work_key
    having count(distinct sha256) <= {{ var('collection_files') }}  -- more of one name are a collection, no work
)

select
    named.sha256,
    min(named.fingerprint) as fingerprint,
    min(works.work_key) as work_key,
    list_sort(list(distinct named.place)) as places,
    case
        when bool_or(named.held_out or named.official_split = 'test') then 'test'
        when bool_or(named.official_split = 'validation') then 'validation'
        when bool_or(named.official_split = 'train') then 'train'
    end as wanted,
    coalesce(bool_or(named.held_out), false) as held_out,
    bool_or(named.personal) as personal
from named
left join works on works.work_key = named.work_key
group by named.sha256
