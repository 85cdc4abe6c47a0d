#include "app/validate/validate_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "app/out_folder.hpp"
#include "app/validate/render.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

/// All suites, right in themselves and in what they ask for.
std::vector<std::pair<Suite, OpenSuite>> suites_of(const std::vector<std::string>& names, const Catalogue& catalogue) {
  std::vector<std::pair<Suite, OpenSuite>> suites;
  std::vector<Diagnostic> wrong;
  for (const auto& name : names) {
    try {
      auto suite = read_suite(YamlDocument::from_file(catalogue.find(Shelf::Validation, name)));
      auto opened = open_suite(suite, catalogue);
      suites.emplace_back(std::move(suite), std::move(opened));
    } catch (const InputError& e) {
      wrong.insert(wrong.end(), e.diagnostics().begin(), e.diagnostics().end());
    }
  }
  if (!wrong.empty()) throw InputError{std::move(wrong)};
  return suites;
}

std::string rendered(const std::vector<SuiteVerdict>& all, const std::string& format) {
  if (format == "json") return to_json(all);
  if (format == "csv") return to_csv(all);
  return format == "markdown" ? to_markdown(all, "images") : to_table(all);
}

/// The rows outside, one a line.
void name_rows(const SuiteVerdict& s) {
  for (const auto& t : s.troubles) fmt::print(stderr, "no figures: {} {}\n", s.name, t);
  for (const auto& r : s.rows)
    if (!r.inside)
      fmt::print(stderr, "outside its tolerance: {} {} {} {}: ours {}, published {} ({}, allowed {})\n", s.name,
                 r.experiment, r.layer, r.column, shown(r.ours), shown(r.published), shown_error(r), r.tolerance);
}

}  // namespace

int validate_suites(const ValidateRequest& request, const Catalogue& catalogue, const MeasureOptions& options) {
  auto names = request.suites.empty() ? catalogue.list(Shelf::Validation) : request.suites;
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  const auto suites = suites_of(names, catalogue);
  const OutFolder out{request.out, "--out"};
  std::vector<SuiteVerdict> all;
  const bool at_once = request.format == "table";
  for (const auto& [suite, opened] : suites) {
    auto verdict = validate(suite, opened, options);
    if (!verdict) {
      fmt::print(stderr, "interrupted in {}; nothing was written\n", suite.name);
      return 1;
    }
    all.push_back(std::move(*verdict));
    if (at_once) {
      fmt::print("{}{}", all.size() > 1 ? "\n" : "", to_table({all.back()}));
      std::fflush(stdout);
    }
  }
  if (!at_once) fmt::print("{}", rendered(all, request.format));
  if (!request.out.empty()) {
    write_file(request.out + "/validation.json", to_json(all));
    write_file(request.out + "/validation.csv", to_csv(all));
    write_file(request.out + "/validation.md", to_markdown(all, "images"));
    if (!options.quiet)
      fmt::print(stderr, "written: {0}/validation.json {0}/validation.csv {0}/validation.md\n", request.out);
  }
  bool holds = true;
  for (const auto& s : all) {
    name_rows(s);
    holds = holds && s.holds();
  }
  return holds ? 0 : 1;
}

}  // namespace eyrie
