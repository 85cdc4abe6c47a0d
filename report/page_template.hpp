#pragma once

#include <string_view>

namespace eyrie {

/// The page of the report before it has data: HTML with its charts, style and licences inside, `__EYRIE_TITLE__` once
/// in its title and `__EYRIE_DATA__` once where JSON of schema eyrie.report/1 goes (with every `<` written as \u003c).
/// Built from report/web; valid for as long as the program runs.
std::string_view page_template();

/// The page of a study, likewise; its data are JSON of schema eyrie.study/1.
std::string_view study_page_template();

}  // namespace eyrie
