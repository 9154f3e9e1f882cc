-- The split of each file, decided once and remembered for ever, also of files that are gone: what joins later never
-- moves what was there. Newcomers that are kin, by notes or by name, are decided together, before any transposition:
--   kin of files that have a split, or in the place of one that is gone: they follow them, into the group of the first;
--   kin of files of different splits (a bridge), or wanted elsewhere than their kin are: left out, for ever;
--   otherwise: the strictest split that one of them was published with or held out for, or one drawn by hash.
-- Where remembered files of different splits turn out to be kin, the less strict one is left out while that is so.
-- `decided` and `because` are remembered; `split` is what holds now: null where `left_out` says why not.
{{ config(
    materialized='incremental',
    unique_key='sha256',
    post_hook="delete from {{ this }} where left_out = 'gone' and (
        personal or sha256 in (select sha256 from {{ source('lake', 'rights_ledger') }} where takedown is not null)
    )"
) }}
with recursive files as (
    select * from {{ ref('stg_files') }}
),

remembered as (
    {% if is_incremental() %}
    select sha256, fingerprint, work_key, places, personal, work_group, decided, because from {{ this }}
    {% else %}
    select sha256, fingerprint, work_key, places, personal, sha256 as work_group, sha256 as decided, sha256 as because
    from files
    where false
    {% endif %}
),

newcomers as (
    select files.* from files left join remembered on remembered.sha256 = files.sha256 where remembered.sha256 is null
),

stayed as (
    select files.*, remembered.work_group, remembered.decided, remembered.because
    from files
    inner join remembered on remembered.sha256 = files.sha256
),

gone as (
    select remembered.* from remembered left join files on files.sha256 = remembered.sha256 where files.sha256 is null
),

pairs as (
    select sha256, relative from {{ ref('kin') }}
    union all
    select relative as sha256, sha256 as relative from {{ ref('kin') }}
),

new_keys as (
    select sha256, 'notes ' || fingerprint as key from newcomers where fingerprint is not null
    union all
    select sha256, 'name ' || work_key as key from newcomers where work_key is not null
    union all
    select sha256, 'place ' || unnest(places) as key from newcomers
),

old_keys as (
    select sha256, 'notes ' || fingerprint as key, work_group, decided, true as present from stayed
    union all
    select sha256, 'name ' || work_key as key, work_group, decided, true as present from stayed
    union all
    select sha256, 'notes ' || fingerprint as key, work_group, decided, false as present from gone
    union all
    select sha256, 'name ' || work_key as key, work_group, decided, false as present from gone
    union all
    -- the file that lay where a newcomer lies is its older version
    select sha256, 'place ' || unnest(places) as key, work_group, decided, false as present from gone
),

followed as (
    select new_keys.sha256, old_keys.work_group, old_keys.decided
    from new_keys
    inner join old_keys on old_keys.key = new_keys.key and old_keys.decided is not null
    union
    select pairs.sha256, stayed.work_group, stayed.decided
    from pairs
    inner join newcomers on newcomers.sha256 = pairs.sha256
    inner join stayed on stayed.sha256 = pairs.relative and stayed.decided is not null
),

first_of_key as (
    select key, min(sha256) as sha256 from new_keys group by key having count(*) > 1
),

alike as (
    select first_of_key.sha256, new_keys.sha256 as relative
    from first_of_key
    inner join new_keys on new_keys.key = first_of_key.key and new_keys.sha256 <> first_of_key.sha256
),

links as materialized (
    select pairs.sha256, pairs.relative
    from pairs
    inner join newcomers as one on one.sha256 = pairs.sha256
    inner join newcomers as other on other.sha256 = pairs.relative
    union
    select sha256, relative from alike
    union
    select relative as sha256, sha256 as relative from alike
),

-- The smallest hash that a newcomer's kin lead to: it is replaced for as long as a smaller one arrives.
reached (sha256, root) using key (sha256) as (
    select distinct sha256, sha256 as root from links
    union
    select links.relative as sha256, min(reached.root) as root
    from reached
    inner join links on links.sha256 = reached.sha256
    inner join recurring.reached as known on known.sha256 = links.relative
    where reached.root < known.root
    group by links.relative
),

rooted as (
    select newcomers.*, coalesce(reached.root, newcomers.sha256) as root
    from newcomers
    left join reached on reached.sha256 = newcomers.sha256
),

kin_of as (
    select
        rooted.root,
        count(distinct followed.decided) as sides,
        min(followed.decided) as decided,
        min(followed.work_group) as work_group
    from rooted
    inner join followed on followed.sha256 = rooted.sha256
    group by rooted.root
),

wishes as (
    select
        root,
        case
            when bool_or(wanted = 'test') then 'test'
            when bool_or(wanted = 'validation') then 'validation'
            when bool_or(wanted = 'train') then 'train'
        end as wanted,
        cast('0x' || substr(md5('split:' || root), 1, 8) as bigint) % 100 as draw
    from rooted
    group by root
),

together as (
    select
        wishes.root,
        coalesce(kin_of.work_group, substr(md5('group:' || wishes.root), 1, 16)) as work_group,
        case
            when kin_of.sides > 1 then null
            when kin_of.sides = 1 then kin_of.decided
            when wishes.wanted is not null then wishes.wanted
            when wishes.draw < {{ var('test_percent') }} then 'test'
            when wishes.draw < {{ var('test_percent') }} + {{ var('validation_percent') }} then 'validation'
            else 'train'
        end as split,
        case
            when kin_of.sides > 1 then 'bridge' when kin_of.sides = 1 then 'kin'
            when wishes.wanted is not null then 'wanted' else 'drawn'
        end as because
    from wishes
    left join kin_of on kin_of.root = wishes.root
),

overruled_pairs as (
    select one.sha256
    from pairs
    inner join stayed as one on one.sha256 = pairs.sha256
    inner join stayed as other on other.sha256 = pairs.relative and other.decided <> one.decided
    where other.decided = 'test' or one.decided = 'train'
),

contested as (
    select key, case when bool_or(decided = 'test') then 'test' else 'validation' end as strictest
    from old_keys
    where present
    group by key
    having count(distinct decided) > 1
),

overruled as (
    select sha256 from overruled_pairs
    union
    select old_keys.sha256
    from old_keys
    inner join contested on contested.key = old_keys.key and contested.strictest <> old_keys.decided
),

everyone as (
    select
        rooted.sha256,
        rooted.fingerprint,
        rooted.work_key,
        rooted.places,
        rooted.personal,
        together.work_group,
        case when coalesce(rooted.wanted, together.split) = together.split then together.split end as decided,
        case when rooted.wanted <> together.split then 'wanted elsewhere' else together.because end as because,
        null as left_out
    from rooted
    inner join together on together.root = rooted.root
    union all
    select
        stayed.sha256,
        stayed.fingerprint,
        stayed.work_key,
        stayed.places,
        stayed.personal,
        stayed.work_group,
        stayed.decided,
        stayed.because,
        case
            when overruled.sha256 is not null then 'kin of another split'
            when stayed.wanted <> stayed.decided then 'wanted elsewhere'
        end as left_out
    from stayed
    left join overruled on overruled.sha256 = stayed.sha256
    union all
    select sha256, fingerprint, work_key, places, personal, work_group, decided, because, 'gone' as left_out from gone
)

select
    sha256,
    fingerprint,
    work_key,
    places,
    personal,
    -- what is left out for ever is a group of its own
    case when decided is null then substr(md5('alone:' || sha256), 1, 16) else work_group end as work_group,
    decided,
    because,
    case when left_out is null then decided end as split,
    case when decided is null then coalesce(left_out, because) else left_out end as left_out
from everyone
