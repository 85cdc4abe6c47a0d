#include "report/answer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/digits.hpp"

namespace eyrie {

std::string Answer::class_text(std::int64_t number) const {
  const auto i = static_cast<std::size_t>(number);
  if (i < class_names.size() && class_names[i] != std::to_string(number))
    return fmt::format("{} ({})", number, class_names[i]);
  return std::to_string(number);
}

std::int64_t Answer::agreeing() const {
  return std::ranges::count_if(samples, [](const SampleAnswer& s) { return s.chip == s.real; });
}
std::int64_t Answer::labelled() const {
  return std::ranges::count_if(samples, [](const SampleAnswer& s) { return s.label.has_value(); });
}
std::int64_t Answer::right() const {
  return std::ranges::count_if(samples, [](const SampleAnswer& s) { return s.label == s.chip; });
}
std::int64_t Answer::real_right() const {
  return std::ranges::count_if(samples, [](const SampleAnswer& s) { return s.label == s.real; });
}

namespace {

/// Samples that are told of one by one; of more only how many were right.
constexpr std::size_t kTold = 10, kOutputsTold = 12;

std::string sqnr_text(const LayerSqnr& l) {
  if (l.equal) return "equal to the float model";
  return l.db ? fmt::format("{:.1f} dB", *l.db) : "no signal";
}

const LayerSqnr* lowest(const Answer& a) {
  const LayerSqnr* least = nullptr;
  for (const auto& l : a.layers)
    if (l.db && (!least || *l.db < *least->db)) least = &l;
  return least;
}

std::string share(std::int64_t part, std::int64_t all) {
  return fmt::format("{} of {} ({:.1f} %)", part, all, 100.0 * static_cast<double>(part) / static_cast<double>(all));
}

std::string outputs_text(const SampleAnswer& s) {
  const auto shown = std::min(s.raw.size(), kOutputsTold);
  return fmt::format("{}{}", fmt::join(s.raw.begin(), s.raw.begin() + static_cast<std::ptrdiff_t>(shown), " "),
                     shown < s.raw.size() ? " ..." : "");
}

/// Who says what of an input.
std::string verdict_text(const Answer& a, const SampleAnswer& s) {
  auto text =
      fmt::format("class {} by the simulated chip, {} by the float model", a.class_text(s.chip), a.class_text(s.real));
  if (s.label) text += fmt::format("; it is {}", a.class_text(*s.label));
  return text;
}

std::vector<std::string> sentences(const Answer& a) {
  std::vector<std::string> all;
  const bool few = a.samples.size() <= kTold;
  if (few)
    for (const auto& s : a.samples) {
      const auto who = a.samples.size() == 1 ? "answer" : s.name;
      if (a.classifies) all.push_back(fmt::format("{}: {}", who, verdict_text(a, s)));
      if (!a.classifies && a.samples.size() == 1)
        all.push_back(
            fmt::format("largest output: number {} of the simulated chip, {} of the float model", s.chip, s.real));
      if (a.samples.size() == 1) all.push_back(fmt::format("outputs of {}: {}", a.output, outputs_text(s)));
    }
  const auto count = std::ssize(a.samples);
  if (count > 1) {
    auto text = fmt::format("{} inputs: chip and float model agree on the {} of {}", count,
                            a.classifies ? "class" : "largest output", share(a.agreeing(), count));
    if (const auto labelled = a.labelled(); labelled > 0)
      text +=
          fmt::format("; right: chip {}, float model {}", share(a.right(), labelled), share(a.real_right(), labelled));
    all.push_back(text);
  }
  auto noise = fmt::format("signal to quantisation noise at {}: {}", a.output, sqnr_text(a.at_output));
  if (const auto* least = lowest(a); least && least->layer != a.output)
    noise += fmt::format("; least {:.1f} dB at {}", *least->db, least->layer);
  all.push_back(noise);
  auto how = fmt::format("arithmetic of {}, psums of 32 b", a.arithmetic);
  if (!a.precision.empty()) how += ", quantised: " + a.precision;
  how += a.input.empty() ? "; input drawn from the seed" : fmt::format("; input {}", a.input);
  if (!a.pixels.empty()) how += ", " + a.pixels;
  if (a.from_integers) how += "; the float model has the same parameters as real numbers";
  all.push_back(how);
  if (!a.computed_elsewhere.empty())
    all.push_back(fmt::format(
        "not simulated, taken from the reference: {}{}",
        fmt::join(a.computed_elsewhere.begin(),
                  a.computed_elsewhere.begin() + std::min<std::ptrdiff_t>(8, std::ssize(a.computed_elsewhere)), ", "),
        a.computed_elsewhere.size() > 8 ? ", ..." : ""));
  return all;
}

}  // namespace

std::string answer_lines(const Answer& a) {
  std::string text = "\n";
  for (const auto& s : sentences(a)) text += s + "\n";
  return text;
}

std::string answer_markdown(const Answer& a) {
  std::string text = "\n## Answer\n\n";
  for (const auto& s : sentences(a)) text += "- " + s + "\n";
  text += "\n| layer | SQNR |\n|---|---:|\n";
  for (const auto& l : a.layers) text += fmt::format("| `{}` | {} |\n", l.layer, sqnr_text(l));
  return text;
}

}  // namespace eyrie
