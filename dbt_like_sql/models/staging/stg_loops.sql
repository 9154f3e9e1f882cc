-- A loop with what its file's ledger row allows. A loop without a ledger row is not cleared: the join says so.
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
    loops.lowest,
    loops.highest,
    loops.official_split,
    coalesce(ledger.train, false) as cleared,
    coalesce(ledger.rule, 'no ledger row') as rule,
    coalesce(ledger.reason, 'the file is not in the rights ledger') as reason
from {{ source('lake', 'loops') }} as loops
left join {{ source('lake', 'rights_ledger') }} as ledger
    on ledger.dataset = loops.dataset and ledger.sha256 = loops.sha256 and ledger.path = loops.path
