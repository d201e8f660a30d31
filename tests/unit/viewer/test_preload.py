import subprocess
import sys

import pytest

PRELOAD = "import sys; from viewer.imaging import preload; preload.preload_simpleitk(); "


def told(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_simpleitk_works_after_its_library_was_loaded_ahead():
    assert told(PRELOAD + "import SimpleITK; print(SimpleITK.Image(2, 3, 1).GetSize())") == "(2, 3)"


@pytest.mark.skipif(sys.platform != "linux", reason="only there it is loaded ahead")
def test_the_library_is_there_before_python_imports_it():
    code = "from viewer.imaging import preload as p; p._load(p._library('SimpleITK', '_SimpleITK')); "
    look = "print('_SimpleITK' in open('/proc/self/maps').read())"
    assert told(code + look) == "True"


def test_where_simpleitk_is_not_installed_nothing_happens():
    assert told("import sys; sys.modules['SimpleITK'] = None; " + PRELOAD + "print('well')") == "well"
