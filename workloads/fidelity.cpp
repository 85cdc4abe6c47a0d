#include "workloads/fidelity.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/ensure.hpp"

namespace eyrie {

std::optional<double> Fidelity::sqnr_db() const {
  if (signal == 0) return std::nullopt;
  if (noise == 0) return std::numeric_limits<double>::infinity();
  return 10 * std::log10(signal / noise);
}

Fidelity Fidelity::plus(const Fidelity& other) const {
  return {.signal = signal + other.signal,
          .noise = noise + other.noise,
          .largest_error = std::max(largest_error, other.largest_error)};
}

Fidelity fidelity(const RealTensor& real, const RealTensor& decoded) {
  ensure(real.shape() == decoded.shape(), "tensors of one layer have one shape");
  Fidelity f;
  for (std::size_t i = 0; i < real.data().size(); ++i) {
    const double x = real.data()[i], e = x - decoded.data()[i];
    f.signal += x * x;
    f.noise += e * e;
    f.largest_error = std::max(f.largest_error, std::abs(e));
  }
  return f;
}

std::vector<LayerFidelity> fidelity(const Network& network, const FloatPass& real, const ForwardPass& words,
                                    const NetworkData& data) {
  std::set<std::string_view> read;
  for (const auto& l : network.layers()) read.insert(l.inputs.begin(), l.inputs.end());
  std::vector<LayerFidelity> all;
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const auto& name = network.layers()[i].name;
    all.push_back({.layer = name,
                   .value = fidelity(real.output(i), decoded(words.output(i), data.codes[i])),
                   .is_output = !read.contains(name)});
  }
  return all;
}

}  // namespace eyrie
