"""Rules of this project that no ready linter knows, each a module with its reason and its samples.

A rule module offers `find(tree)`, which yields a line number and a message per finding; `HOME`, the folder of
`src/banneret` that the rule leaves alone; and the sample tuples `GOOD` and `BAD`, which tests/lint runs.
`python -m tools.lint src/banneret` applies every rule.
"""
