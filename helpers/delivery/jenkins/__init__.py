"""Jenkins pipelines: the declarative subset of this course, run here or on a real server."""

from .connection import ServerError
from .model import JenkinsfileError
from .result import Build, StageResult
from .run import run_jenkinsfile

__all__ = ["Build", "JenkinsfileError", "ServerError", "StageResult", "run_jenkinsfile"]
