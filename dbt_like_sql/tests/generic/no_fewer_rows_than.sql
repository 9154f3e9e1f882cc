-- At least as many rows as another model.
{% test no_fewer_rows_than(model, compare_model) %}
select rows_here, rows_there
from
    (select count(*) as rows_here from {{ model }}) as here,
    (select count(*) as rows_there from {{ compare_model }}) as there
where rows_here < rows_there
{% endtest %}
