-- Train, validation or test, by group of works and before any transposition, so that no loop has a relative on the
-- other side. A split that the data set's makers published is kept for the whole group, the strictest one first.
with official as (
    select
        duplicates.work_group,
        bool_or(loops.official_split = 'test') as test,
        bool_or(loops.official_split = 'validation') as validation,
        bool_or(loops.official_split = 'train') as train
    from {{ ref('duplicates') }} as duplicates
    inner join {{ ref('stg_loops') }} as loops on loops.loop_id = duplicates.loop_id
    group by duplicates.work_group
),

drawn as (
    select
        work_group,
        test,
        validation,
        train,
        cast('0x' || substr(md5('split:' || work_group), 1, 8) as bigint) % 100 as draw
    from official
)

select
    work_group,
    case
        when test then 'test'
        when validation then 'validation'
        when train then 'train'
        when draw < 5 then 'test'
        when draw < 10 then 'validation'
        else 'train'
    end as split
from drawn
