"""How software gets from a folder to those who use it: repositories, pipelines, images."""
