"""Tables derived from the catalogue, migrations, the unit of work, queries as SQL. The only SQL in the tree."""
