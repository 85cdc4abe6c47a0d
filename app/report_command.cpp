#include "app/report_command.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "app/stored_runs.hpp"
#include "report/render.hpp"

namespace eyrie {

/// The page must not take the place of what it is made from, nor of a folder.
static void check_out(const std::string& out) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::is_directory(out, error)) throw InputError({"--out", 0, 0}, out + " is a folder", "name a file, FILE.html");
  if (fs::path{out}.extension() != ".html")
    throw InputError({"--out", 0, 0}, out + " is no name of a page", "name a file that ends in .html");
}

int report_command(const ReportRequest& request) {
  if (!request.out.empty()) check_out(request.out);
  const auto all = read_stored_runs(request.inputs);
  if (!request.out.empty()) write_file(request.out, to_page(all.runs, all.scenarios));
  const auto& c = all.comparison;
  fmt::print("{}", request.format == "json"       ? to_json(c)
                   : request.format == "csv"      ? to_csv(c)
                   : request.format == "markdown" ? to_markdown(c)
                                                  : to_table(c));
  if (!request.out.empty() && !request.quiet) fmt::print(stderr, "written: {}\n", request.out);
  return 0;
}

}  // namespace eyrie
