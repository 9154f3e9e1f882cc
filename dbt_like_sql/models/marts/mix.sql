-- The loops that training_data is written from: cleared, one of each set of equals, with a ceiling a data set, role and
-- style so that no big collection drowns the others, in the key they came in and, in train, one more.
with candidates as (
    select
        loops.loop_id,
        loops.dataset,
        loops.sha256,
        loops.contract,
        loops.role,
        loops.style,
        loops.lowest,
        loops.highest,
        duplicates.work_group,
        split.split,
        row_number() over (
            partition by loops.dataset, loops.role, loops.style, split.split
            order by md5('mix:' || loops.loop_id)
        ) as place
    from {{ ref('stg_loops') }} as loops
    inner join {{ ref('duplicates') }} as duplicates on duplicates.loop_id = loops.loop_id
    inner join {{ ref('split') }} as split on split.work_group = duplicates.work_group
    where
        loops.cleared
        and duplicates.rank_among_equals = 1
        -- a loop that is everywhere has relatives in train by nature
        and (duplicates.works <= 8 or split.split = 'train')
),

within_quota as (
    select * from candidates where place <= 2000
),

shifted as (
    select
        *,
        cast('0x' || substr(md5('key:' || loop_id), 1, 8) as bigint) % 11 - 5 as shift
    from within_quota
    where split = 'train' and contract = 'boumb-sequence'
)

select loop_id, dataset, sha256, contract, role, style, work_group, split, 0 as transpose
from within_quota
union all
select loop_id, dataset, sha256, contract, role, style, work_group, split, shift as transpose
from shifted
where shift <> 0 and lowest + shift >= 12 and highest + shift <= 119
