-- One row a file that was found: what it is, what was read of it, what may be done with it, and what it gave.
with cut as (
    select
        dataset,
        path,
        sha256,
        count(*) as loops,
        count(*) filter (where cleared) as cleared_loops
    from {{ ref('stg_loops') }}
    group by dataset, path, sha256
)

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
    gate.rule,
    coalesce(cut.loops, 0) as loops,
    coalesce(cut.cleared_loops, 0) as cleared_loops,
    splits.split,
    splits.left_out
from {{ source('lake', 'raw_midi') }} as raw
left join {{ source('lake', 'file_facts') }} as facts
    on facts.dataset = raw.dataset and facts.path = raw.path and facts.sha256 = raw.sha256
left join {{ ref('stg_rights') }} as gate
    on gate.dataset = raw.dataset and gate.path = raw.path and gate.sha256 = raw.sha256
left join {{ source('lake', 'rights_ledger') }} as ledger
    on ledger.dataset = raw.dataset and ledger.path = raw.path and ledger.sha256 = raw.sha256
left join cut on cut.dataset = raw.dataset and cut.path = raw.path and cut.sha256 = raw.sha256
left join {{ ref('file_splits') }} as splits on splits.sha256 = facts.sha256
