#include "base/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace eyrie {

std::string to_string(const Diagnostic& d) {
  std::string place = d.place.file;
  if (d.place.line > 0) place += fmt::format(":{}:{}", d.place.line, d.place.column);
  if (!place.empty()) place += ": ";
  return fmt::format("{}error: {}{}{}", place, d.problem, d.remedy.empty() ? "" : "; ", d.remedy);
}

void Diagnostics::error(Place place, std::string problem, std::string remedy) {
  all_.push_back({std::move(place), std::move(problem), std::move(remedy)});
}

void Diagnostics::raise_if_any() const {
  if (all_.empty()) return;
  auto sorted = all_;
  std::ranges::stable_sort(sorted, {}, [](const Diagnostic& d) {
    return std::tuple{d.place.file, d.place.line, d.place.column};
  });
  throw InputError{std::move(sorted)};
}

InputError::InputError(std::vector<Diagnostic> diagnostics) : diagnostics_{std::move(diagnostics)} {
  for (const auto& d : diagnostics_) text_ += (text_.empty() ? "" : "\n") + to_string(d);
}

InputError::InputError(Place place, std::string problem, std::string remedy)
    : InputError{std::vector<Diagnostic>{{std::move(place), std::move(problem), std::move(remedy)}}} {}

}  // namespace eyrie
