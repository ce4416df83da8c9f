"""What all pages share: layout, style sheet and its tokens, small ES modules, headers, form tokens. Knows nothing of work items."""
