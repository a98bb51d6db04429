"""What pyproject.toml cannot say: an editable installation takes the course's data files too.

They are Jupyter's settings, see [tool.setuptools.data-files]. setuptools' editable_wheel asks
`has_data` for them, which its Distribution lacks.
"""

from setuptools import Distribution, setup


class WithData(Distribution):
    def has_data(self) -> bool:
        return self.has_data_files()


setup(distclass=WithData)
