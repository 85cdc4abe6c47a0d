#pragma once

// Internal to report: pieces of Markdown.

#include <string>
#include <vector>

namespace eyrie::markdown {

/// Text as a cell or a paragraph has it: on one line, and nothing in it is markup.
std::string plain(const std::string& text);

/// A table: a head, then rows. Columns of names stand left, the others right.
std::string table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows,
                  std::size_t names = 1);

}  // namespace eyrie::markdown
