-- A loop with what is allowed of its file. A loop whose file has no ledger row is not cleared: the join says so.
select
    loops.loop_id,
    loops.dataset,
    loops.sha256,
    loops.path,
    loops.fingerprint,
    loops.contract,
    loops.role,
    loops.style,
    loops.score,
    loops.notes,
    coalesce(rights.cleared, false) as cleared,
    coalesce(rights.rule, 'no ledger row') as rule,
    coalesce(rights.reason, 'the file is not in the rights ledger') as reason
from {{ source('lake', 'loops') }} as loops
left join {{ ref('stg_rights') }} as rights
    on rights.dataset = loops.dataset and rights.sha256 = loops.sha256 and rights.path = loops.path
