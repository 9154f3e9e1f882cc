-- One value of the column for each value of `field`; nulls on either side say nothing.
{% test same_within(model, column_name, field) %}
select {{ field }}
from {{ model }}
where {{ field }} is not null
group by {{ field }}
having count(distinct {{ column_name }}) > 1
{% endtest %}
