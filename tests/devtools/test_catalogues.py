import gettext

import pytest

from devtools.catalogues import compile_all, extract_all

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def english(tmp_path):
    source = tmp_path / "locale/en/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text(HEADER)
    return source


def test_compiled_catalogue_translates(tmp_path, english):
    english.write_text(HEADER + 'msgid "Bevestig ongewijzigd"\nmsgstr "Confirm unchanged"\n')

    assert compile_all(tmp_path) == 0

    with english.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Bevestig ongewijzigd") == (
            "Confirm unchanged"
        )


def test_translation_with_other_placeholders_is_refused(tmp_path, english, capsys):
    wrong = '#, python-format\nmsgid "%(n)s bedden"\nmsgstr "%(count)s beds"\n'
    english.write_text(HEADER + wrong)

    assert compile_all(tmp_path) == 1

    assert "django.po:5" in capsys.readouterr().err


def test_screen_texts_of_code_and_pages_are_found(tmp_path, english):
    code = tmp_path / "capacity/reports/forms.py"
    code.parent.mkdir(parents=True)
    code.write_text('from x import gettext_lazy as _\nlabel = _("Bezette bedden")\n')
    page = tmp_path / "templates/home.html"
    page.parent.mkdir()
    page.write_text(
        '{% translate "Nu te doen" %}\n'
        "{% blocktranslate count n=n %}{{ n }} bed{% plural %}{{ n }} bedden{% endblocktranslate %}"
    )
    english.write_text(HEADER + 'msgid "Nu te doen"\nmsgstr "To do now"\n')

    assert extract_all(tmp_path) == 0

    text = english.read_text()
    assert 'msgid "Nu te doen"\nmsgstr "To do now"' in text
    assert 'msgid "Bezette bedden"\nmsgstr ""' in text
    assert 'msgid "%(n)s bed"\nmsgid_plural "%(n)s bedden"' in text


def test_untranslated_texts_stay_dutch(tmp_path, english):
    plural = 'msgid "een bed"\nmsgid_plural "%(n)s bedden"\nmsgstr[0] ""\nmsgstr[1] ""\n\n'
    english.write_text(HEADER + plural + 'msgid "Nu te doen"\nmsgstr ""\n')

    compile_all(tmp_path)

    with english.with_suffix(".mo").open("rb") as compiled:
        texts = gettext.GNUTranslations(compiled)
    assert texts.gettext("Nu te doen") == "Nu te doen"
    assert texts.ngettext("een bed", "%(n)s bedden", 2) == "%(n)s bedden"


def test_extracting_again_changes_nothing(tmp_path, english):
    page = tmp_path / "templates/home.html"
    page.parent.mkdir()
    page.write_text('{% translate "Nu te doen" %}')
    extract_all(tmp_path)
    first = english.read_text()

    extract_all(tmp_path)

    assert english.read_text() == first


def test_texts_inside_f_strings_and_with_context_are_found(tmp_path, english):
    code = tmp_path / "lcps/words.py"
    code.parent.mkdir(parents=True)
    code.write_text("a = f\"{level}, {_('morgen')}\"\nb = pgettext('vrij van', 'vrij')\n_(a)\n")

    extract_all(tmp_path)

    text = english.read_text()
    assert 'msgid "morgen"' in text
    assert 'msgctxt "vrij van"\nmsgid "vrij"' in text


def test_texts_that_are_gone_are_dropped(tmp_path, english):
    english.write_text(HEADER + 'msgid "Weg"\nmsgstr "Gone"\n')

    extract_all(tmp_path)

    assert "Weg" not in english.read_text()


def test_a_text_with_escaped_quotes_is_refused(tmp_path, english):
    page = tmp_path / "templates/home.html"
    page.parent.mkdir()
    page.write_text('{% translate "Kies \\"Bied aan\\" eerst" %}')

    with pytest.raises(ValueError, match="typographic quotes"):
        extract_all(tmp_path)


def test_a_page_may_be_indented_in_its_own_way(tmp_path, english):
    page = tmp_path / "templates/page.html"
    page.parent.mkdir()
    page.write_text('    <p>\n  {% translate "Ga verder" %}\n</p>')

    assert extract_all(tmp_path) == 0

    assert 'msgid "Ga verder"' in english.read_text()
