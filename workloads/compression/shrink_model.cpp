// Parameters of a model whose layers shrink: whose norms decide, and which of them stay.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <numeric>

#include "base/ensure.hpp"
#include "workloads/compression/shrink.hpp"
#include "workloads/recurrent.hpp"

namespace eyrie {

namespace {

using Indices = std::vector<std::int64_t>;

Indices all_of(std::int64_t n) {
  Indices all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  return all;
}

/// Gates lie one behind the other, each with all units.
Indices of_gates(const Indices& units, std::int64_t size, std::int64_t rows) {
  Indices all;
  for (std::int64_t first = 0; first < rows; first += size)
    for (const auto u : units) all.push_back(first + u);
  return all;
}

/// Rows of a parameter by their first index; of each the numbers that a set of second indices has. `columns` may differ
/// from row to row.
template <class T, class Columns>
std::vector<T> cut(const std::vector<T>& from, const std::vector<std::int64_t>& shape, const Indices& rows,
                   Columns columns) {
  std::vector<T> all;
  if (from.empty()) return all;
  const auto width = shape.size() > 1 ? shape[1] : 1;
  const auto inner = std::ssize(from) / std::max<std::int64_t>(1, shape[0] * width);
  for (const auto row : rows)
    for (const auto column : columns(row)) {
      const auto first = from.begin() + (row * width + column) * inner;
      all.insert(all.end(), first, first + inner);
    }
  return all;
}

class Cutter {
 public:
  Cutter(const Model& model, const KeptChannels& kept) : model_{model}, kept_{kept}, small_{model} {}

  Model take() {
    small_.network = with_channels(model_.network, kept_);
    for (const auto& l : model_.network.layers) is_cell(l) ? cell(l) : layer(l);
    wrong_.raise_if_any();
    return std::move(small_);
  }

 private:
  template <class Columns>
  void weight(const std::string& name, const Indices& rows, Columns columns) {
    const auto it = small_.parameters.find(name + "/weight");
    if (it == small_.parameters.end()) return;
    Parameter& p = it->second;
    p.real = cut(p.real, p.shape, rows, columns);
    p.integer = cut(p.integer, p.shape, rows, columns);
    p.shape[0] = std::ssize(rows);
    if (p.shape.size() > 1 && !rows.empty()) p.shape[1] = std::ssize(columns(rows[0]));
    vector(name + "/bias", rows);
    vector(name + "/weight_scale", rows);
  }

  /// One number a row, or one for all.
  void vector(const std::string& name, const Indices& rows) {
    const auto it = small_.parameters.find(name);
    if (it == small_.parameters.end() || std::max(it->second.real.size(), it->second.integer.size()) <= 1) return;
    const auto only = [](std::int64_t) { return Indices{0}; };
    Parameter& p = it->second;
    p.real = cut(p.real, {std::ssize(p.real)}, rows, only);
    p.integer = cut(p.integer, {std::ssize(p.integer)}, rows, only);
    p.shape = {std::ssize(rows)};
  }

  [[nodiscard]] std::int64_t channels_before(const Layer& l) const {
    const auto& in = l.inputs[0];
    const auto it = model_.parameters.find(l.name + "/weight");
    if (it != model_.parameters.end() && it->second.shape.size() > 1) return it->second.shape[1] * l.groups;
    return std::ssize(kept_.at(in));
  }

  void layer(const Layer& l) {
    if (!l.has_filters()) return;
    const Indices &rows = kept_.at(l.name), &in = kept_.at(l.inputs[0]);
    const auto before = channels_before(l), each = before / l.groups;
    if (l.type == LayerType::LocallyConnected) {
      if (std::ssize(rows) != l.out_channels || std::ssize(in) != before)
        wrong_.error(l.where, fmt::format("{} has filters of its own for every position, which cannot shrink", l.name),
                     "shrink other layers");
      return;
    }
    weight(l.name, rows, [&](std::int64_t row) {
      const auto group = row * l.groups / l.out_channels;
      if (each == 1)
        return Indices{0};  // depthwise, or one channel a group: those of other groups go with their filters
      Indices columns;
      for (const auto c : in)
        if (c / each == group) columns.push_back(c % each);
      return columns;
    });
  }

  /// CELL/x reads the input; CELL/h, CELL/n_h and CELL/peephole_... the state; rows are gates of all units.
  void cell(const Layer& l) {
    const Indices& state = kept_.at(l.name);
    const Indices units = l.projection ? all_of(l.units) : state;
    const auto rows_of = [&](const std::string& name) {
      const auto it = model_.parameters.find(name + "/weight");
      return it == model_.parameters.end() ? Indices{} : of_gates(units, l.units, it->second.shape[0]);
    };
    const auto always = [](const Indices& columns) { return [&columns](std::int64_t) { return columns; }; };
    weight(l.name + "/x", rows_of(l.name + "/x"), always(kept_.at(l.inputs[0])));
    for (const char* what : {"/h", "/n_h"}) weight(l.name + what, rows_of(l.name + what), always(state));
    const Indices one{0};
    for (const char* what : {"/peephole_i", "/peephole_f", "/peephole_o"})
      weight(l.name + what, rows_of(l.name + what), always(one));
    if (l.projection) weight(l.name + "/projection", state, always(units));
  }

  const Model& model_;
  const KeptChannels& kept_;
  Model small_;
  Diagnostics wrong_;
};

/// Adds the L1 norms of a parameter's rows, row r to score r mod `size`. Integers count with their scales.
void add_norms(const Model& model, const std::string& name, std::int64_t size, std::vector<double>& score) {
  const auto it = model.parameters.find(name + "/weight");
  if (it == model.parameters.end() || it->second.shape.empty()) return;
  const Parameter& p = it->second;
  const auto scale = model.parameters.find(name + "/weight_scale");
  const auto n = std::max(std::ssize(p.real), std::ssize(p.integer)), inner = n / p.shape[0];
  score.resize(static_cast<std::size_t>(size));
  for (std::int64_t i = 0; i < n; ++i) {
    const auto row = i / inner;
    double v = p.integer.empty() ? static_cast<double>(p.real[static_cast<std::size_t>(i)])
                                 : static_cast<double>(p.integer[static_cast<std::size_t>(i)]);
    if (!p.integer.empty() && scale != model.parameters.end() && !scale->second.real.empty())
      v *= static_cast<double>(scale->second.real[scale->second.real.size() == 1 ? 0 : static_cast<std::size_t>(row)]);
    score[static_cast<std::size_t>(row % size)] += std::abs(v);
  }
}

std::map<std::string, std::vector<double>> scores_of(const Model& model) {
  std::map<std::string, std::vector<double>> all;
  for (const auto& l : model.network.layers) {
    if (l.has_filters() && l.type != LayerType::LocallyConnected)
      add_norms(model, l.name, l.out_channels, all[l.name]);
    else if (is_cell(l) && l.projection)
      add_norms(model, l.name + "/projection", *l.projection, all[l.name]);
    else if (is_cell(l))
      for (const char* what : {"/x", "/h", "/n_h"}) add_norms(model, l.name + what, l.units, all[l.name]);
  }
  return all;
}

}  // namespace

Model with_channels(const Model& model, const KeptChannels& kept) { return Cutter{model, kept}.take(); }

Model shrunk(const Model& model) {
  const auto& c = model.network.compression;
  if (!c || c->shrink.empty()) return model;
  return with_channels(model, kept_channels(model.network, scores_of(model)));
}

}  // namespace eyrie
