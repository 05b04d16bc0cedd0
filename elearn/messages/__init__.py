"""Who is told: letters by mail. The only room that knows SMTP."""
