#include "interchange/samples_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "interchange/npy.hpp"

namespace eyrie {

namespace {

using Sizes = std::vector<std::int64_t>;

/// Is `given` the same but for sizes of 1 that are left out?
bool fits(std::span<const std::int64_t> given, const Sizes& whole) {
  std::size_t at = 0;
  for (const auto size : whole)
    if (at < given.size() && given[at] == size)
      ++at;
    else if (size != 1)
      return false;
  return at == given.size();
}

Sizes sizes_of(const NetworkInput& in, bool channels_last) {
  return channels_last ? Sizes{in.steps, in.rows, in.columns, in.channels}
                       : Sizes{in.steps, in.channels, in.rows, in.columns};
}

}  // namespace

std::string input_text(const NetworkInput& in) {
  const auto image = fmt::format("{} x {} x {}", in.channels, in.rows, in.columns);
  return in.steps == 1 ? image + " (channels, rows, columns)"
                       : fmt::format("{} x {} (steps, channels, rows, columns)", in.steps, image);
}

SampleLayout sample_layout(const std::vector<std::int64_t>& shape, const NetworkInput& in, const std::string& name) {
  std::vector<SampleLayout> found;
  const bool same_order = in.channels == 1 || in.rows * in.columns == 1;
  const auto add = [&](std::int64_t samples, bool last) {
    if (std::ranges::none_of(found, [&](const SampleLayout& f) {
          return f.samples == samples && (same_order || f.channels_last == last);
        }))
      found.push_back({samples, last});
  };
  for (const bool last : {false, true}) {
    const auto whole = sizes_of(in, last);
    if (fits(shape, whole)) add(1, last);
    if (!shape.empty() && fits(std::span{shape}.subspan(1), whole)) add(shape[0], last);
  }
  const auto has =
      fmt::format("the array is {}, and the input {} reads {}", shape_text(shape), in.name, input_text(in));
  if (found.empty()) throw InputError({name, 0, 0}, has, "give (n, c, h, w), (c, h, w), (h, w) or (n, h, w, c)");
  if (found.size() > 1)
    throw InputError({name, 0, 0}, has + ": channels may come first or last",
                     "give channels first, with n before them");
  if (found[0].samples < 1) throw InputError({name, 0, 0}, "there is no sample in the array", "give at least one");
  return found[0];
}

}  // namespace eyrie
