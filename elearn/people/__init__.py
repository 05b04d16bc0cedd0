"""Who they are: the organisation, its people, their employments and their permissions."""
