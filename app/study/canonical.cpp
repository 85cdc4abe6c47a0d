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

template <class Word>
std::string digest_of_words(const std::vector<Word>& words) {
  return digest_of({reinterpret_cast<const char*>(words.data()), words.size() * sizeof(Word)});
}

/// What a layer has beside the keys of its file: what cells and `compression` made of it.
std::string beside_keys(const Layer& l) {
  auto text = fmt::format("weight_zeros {} codebook_bits {} part_of {} step {} weights {} assumed {} {} views",
                          l.weight_zeros, l.codebook_bits, l.part_of, l.step.value_or(-1), l.shared_weights,
                          l.assumed.input.value_or(-1), l.assumed.output.value_or(-1));
  for (const auto& v : l.views) text += fmt::format(" {} {} {} {}", v.first_n, v.n, v.first_c, v.c);
  return text + "\n";
}

std::string words_of(const Model& m) {
  auto text = fmt::format("arithmetic {} labels {}\n", name_of(m.arithmetic), fmt::join(m.labels, " "));
  for (const auto& l : m.network.layers) text += written(l);
  for (const auto& [name, c] : m.codes)
    text += fmt::format("code {} {} {} {} {}\n", name, c.scale, c.zero_point, c.least, c.most);
  for (const auto& [name, p] : m.parameters)
    text += fmt::format("parameter {} {} {} {}\n", name, fmt::join(p.shape, " "), digest_of_words(p.real),
                        digest_of_words(p.integer));
  return text;
}

/// Of a trained network: the models, in real numbers and in integers, its inputs, and what it was asked.
std::string parameters_of(const PreparedExperiment& p) {
  if (!p.trained) return {};
  const auto& t = *p.trained;
  auto text = fmt::format("input {} {} {}\n", t.input, t.pixels, t.precision) + words_of(t.real) + words_of(t.integer);
  for (const auto& [name, words] : t.data.inputs)
    text += fmt::format("words {} {}\n", name, digest_of_words(words.data()));
  for (const auto& [name, numbers] : t.inputs)
    text += fmt::format("numbers {} {}\n", name, digest_of_words(numbers.data()));
  return text + fmt::format("labels {}\n", fmt::join(t.labels, " "));
}

}  // namespace

std::string canonical_data(const PreparedExperiment& p) {
  auto text = fmt::format("network {} batch {} seed {}\nwords {}\n", p.network.name(), p.network.batch(),
                          p.experiment.seed, words_of(p.architecture.words));
  for (const auto& w : p.widths) text += "widths " + words_of(w) + "\n";
  for (const auto& i : p.network.inputs()) text += written(i);
  for (const auto& l : p.network.layers()) text += written(l) + beside_keys(l);
  return text + parameters_of(p);
}

std::string canonical_input(const PreparedExperiment& p) {
  const auto& e = p.experiment;
  const auto asked = map_settings(e, 1, true).question;
  auto text = fmt::format("eyrie {}\nobjective {} space {} search_limit {}\n", kVersion, name_of(asked.objective),
                          name_of(asked.space), asked.node_limit);
  text += canonical_data(p) + written(p.architecture) + written(p.table) + written(p.flow);
  if (p.fallback) text += written(*p.fallback);
  if (e.targets) text += written(*e.targets);
  if (e.battery) text += written(*e.battery);
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
