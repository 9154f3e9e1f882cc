-- What is not in the mix, and why.
select
    loops.dataset,
    coalesce(duplicates.left_out, 'quota') as reason,
    count(*) as loops,
    count(distinct loops.sha256) as files
from {{ ref('stg_loops') }} as loops
inner join {{ ref('duplicates') }} as duplicates on duplicates.loop_id = loops.loop_id
left join {{ ref('mix') }} as mix on mix.loop_id = loops.loop_id
where mix.loop_id is null
group by loops.dataset, coalesce(duplicates.left_out, 'quota')
