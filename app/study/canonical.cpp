#include "app/study/canonical.hpp"

#include <fmt/format.h>

#include "app/trained.hpp"
#include "base/digest.hpp"

namespace eyrie {

namespace {

template <class T>
std::string written(T value) {
  return write_yaml([&](Fields& f) { describe(f, value); });
}

std::string words_of(const Widths& w) {
  return fmt::format("{} {} {} {}", w.input.count(), w.weight.count(), w.psum.count(), w.output.count());
}

std::string_view bytes_of(const Tensor& t) {
  const auto& words = t.data();
  return {reinterpret_cast<const char*>(words.data()), words.size() * sizeof(words[0])};
}

/// Of a trained network: its words and its inputs, and what it was asked.
std::string parameters_of(const PreparedExperiment& p) {
  if (!p.trained) return {};
  const auto& t = *p.trained;
  std::string text = fmt::format("input {} {} {}\n", t.input, t.pixels, t.precision);
  for (const auto& [name, filters] : t.data.filters)
    text += fmt::format("filter {} {} {}\n", name, digest_of(bytes_of(filters.weight)),
                        digest_of(fmt::format("{}", fmt::join(filters.bias, " "))));
  for (const auto& [name, words] : t.data.inputs)
    text += fmt::format("words {} {}\n", name, digest_of(bytes_of(words)));
  return text;
}

}  // namespace

std::string canonical_data(const PreparedExperiment& p) {
  auto text = fmt::format("network {} batch {} seed {}\nwords {}\n", p.network.name(), p.network.batch(),
                          p.experiment.seed, words_of(p.architecture.words));
  for (const auto& w : p.widths) text += "widths " + words_of(w) + "\n";
  for (const auto& i : p.network.inputs()) text += written(i);
  for (const auto& l : p.network.layers()) text += written(l);
  return text + parameters_of(p);
}

std::string canonical_input(const PreparedExperiment& p) {
  const auto& e = p.experiment;
  const auto asked = map_settings(e, 1, true).question;
  auto text = fmt::format("eyrie {}\nobjective {} space {} search_limit {}\n", kVersion, name_of(asked.objective),
                          name_of(asked.space), asked.node_limit);
  text += canonical_data(p) + written(p.architecture) + written(p.table) + written(p.flow);
  if (p.fallback) text += written(*p.fallback);
  for (const auto& l : p.layers) {
    text += fmt::format("layer {}", p.network.layers()[l.number].name);
    if (l.machine)
      text += fmt::format(" words {} {}", words_of(l.machine->precision.words), name_of(l.machine->precision.packing));
    text += "\n";
    if (!l.mapping.nest.empty())
      text += mapping_yaml(l.mapping, p.network.layers()[l.number].name, p.architecture.name, p.network.name());
  }
  return text;
}

}  // namespace eyrie
