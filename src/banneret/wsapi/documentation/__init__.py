"""The browsable documentation at `/slm/doc/webservice/`: pages made of the catalogue, and forms that try requests out."""
