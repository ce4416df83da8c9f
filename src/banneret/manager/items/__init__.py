"""Work items in the browser (`/items/`): list, detail, create and edit, all of it through the operations."""
