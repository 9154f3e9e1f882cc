-- One row a file that was found: what it is, what was read of it, and what may be done with it.
select
    raw.dataset,
    raw.path,
    raw.sha256,
    raw.bytes,
    raw.title,
    raw.composer,
    raw.composer_died,
    raw.style,
    raw.asked,
    facts.status,
    facts.notes,
    facts.duration_s,
    facts.bpm,
    facts.metre,
    facts.grid,
    facts.key_root,
    facts.key_mode,
    coalesce(gate.cleared, false) as train,
    coalesce(gate.cleared and ledger.redistribute, false) as redistribute,
    ledger.obligations,
    gate.rule
from {{ source('lake', 'raw_midi') }} as raw
left join {{ source('lake', 'file_facts') }} as facts
    on facts.dataset = raw.dataset and facts.path = raw.path and facts.sha256 = raw.sha256
left join {{ ref('stg_rights') }} as gate
    on gate.dataset = raw.dataset and gate.path = raw.path and gate.sha256 = raw.sha256
left join {{ source('lake', 'rights_ledger') }} as ledger
    on ledger.dataset = raw.dataset and ledger.path = raw.path and ledger.sha256 = raw.sha256
