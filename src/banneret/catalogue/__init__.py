"""The WSAPI object model as data: types, attributes, allowed values, relations; a workspace's own merged in. No I/O."""
