-- What may be learned from, file by file: what the ledger clears, and clears wherever the same bytes lie. Two data sets,
-- or two paths in one, may hold one file under different terms: the stricter counts, or a collection that is denied
-- would come in again as a folder with a better licence.
with denied as (
    select sha256, min(dataset) as dataset, arg_min(reason, dataset || '/' || path) as reason
    from {{ source('lake', 'rights_ledger') }}
    where not train
    group by sha256
)

select
    ledger.dataset,
    ledger.sha256,
    ledger.path,
    ledger.train and denied.sha256 is null as cleared,
    case when ledger.train and denied.sha256 is not null then 'denied_elsewhere' else ledger.rule end as rule,
    case
        when ledger.train and denied.sha256 is not null
            then 'the same file is denied in the data set ' || denied.dataset || ': ' || denied.reason
        else ledger.reason
    end as reason
from {{ source('lake', 'rights_ledger') }} as ledger
left join denied on denied.sha256 = ledger.sha256
