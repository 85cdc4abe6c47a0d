#pragma once

// What all pages are put together from: a template with a place for a title and one for data.

#include <string>
#include <string_view>
#include <vector>

#include "report/page.hpp"

namespace eyrie {

/// Where `mark` stands in `page`, once.
std::size_t place_of(std::string_view page, std::string_view mark);

/// `page` with its title and its data in their places. `json` may hold anything that JSON may: what could end the
/// script element around it is spelled otherwise.
std::string fill_page(std::string_view page, std::string_view title, std::string_view json);

/// JSON without the line end behind it, and without a byte order mark.
std::string_view trimmed_json(std::string_view);

/// The document of schema eyrie.report/1 that the report's page shows; results stand in it as they were written.
std::string report_document(const std::vector<PageRun>&, const std::vector<PageScenario>&);

}  // namespace eyrie
