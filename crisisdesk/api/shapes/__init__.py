"""What the API answers with: typed dictionaries, from which the OpenAPI description is made too."""
