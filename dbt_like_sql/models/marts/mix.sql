-- The loops that training_data is written from: cleared, of a split, one of each set of equals, with a ceiling a data
-- set, a role and a style so that no big collection drowns the others.
with candidates as (
    select
        loops.loop_id,
        loops.dataset,
        loops.sha256,
        loops.path,
        loops.contract,
        loops.role,
        loops.style,
        duplicates.work_group,
        split.split,
        md5('mix:' || loops.loop_id) as draw
    from {{ ref('stg_loops') }} as loops
    inner join {{ ref('duplicates') }} as duplicates
        on duplicates.loop_id = loops.loop_id and duplicates.left_out is null
    inner join {{ ref('split') }} as split on split.work_group = duplicates.work_group
),

placed as (
    select
        *,
        row_number() over (partition by split, dataset order by draw) as in_dataset,
        row_number() over (partition by split, dataset, role order by draw) as in_role,
        case
            when style is not null then row_number() over (partition by split, dataset, style order by draw)
        end as in_style
    from candidates
)

select loop_id, dataset, sha256, path, contract, role, style, work_group, split
from placed
where
    in_dataset <= {{ var('quota_dataset') }}
    and in_role <= {{ var('quota_role') }}
    and coalesce(in_style, 0) <= {{ var('quota_style') }}
