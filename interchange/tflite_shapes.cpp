#include <fmt/format.h>

#include "interchange/tflite_import.hpp"

namespace eyrie {

namespace {

/// Do rows, columns, channels and channels, rows, columns of this come in one order?
bool one_order(const TfliteForm& f) { return f.positions() == 1 || f.channels == 1; }

/// What a reshape is for us: the same words in the same order, or nothing that we can say.
std::optional<TfliteForm> reshaped(const TfliteForm& from, TfliteForm to) {
  const bool flat = to.positions() == 1 && !to.sequence;
  if (from.sequence || to.sequence) {
    // Steps by channels lie alike in both orders; an image in between has to have one.
    const bool same = from.sequence ? to.sequence || one_order(to) : !from.permuted() && one_order(from);
    return same ? std::optional{to} : std::nullopt;
  }
  if (from.permuted()) {
    TfliteForm whole = to;
    const bool back = to.rows == from.was_rows && to.columns == from.was_columns;
    if (flat) whole.was_rows = from.was_rows, whole.was_columns = from.was_columns;
    return flat || back ? std::optional{whole} : std::nullopt;
  }
  if (one_order(from) && one_order(to)) return to;
  if (flat) {
    to.was_rows = from.rows;
    to.was_columns = from.columns;
    return to;
  }
  return from.channels == to.channels ? std::optional{to} : std::nullopt;
}

}  // namespace

/// RESHAPE, SQUEEZE, EXPAND_DIMS: the file's output shape says what is made.
void TfliteImporter::reshape(const Operator& op) {
  const auto* in = value(op, 0);
  if (!in || !same_codes(op, 0)) return;
  const auto stated = form(op, tensor(op.outputs[0]));
  if (!stated) return;
  const auto to = reshaped(in->form, *stated);
  if (!to)
    return wrong(op, "it puts channels in another order among rows and columns",
                 "flatten, squeeze, or keep the channels as they are");
  Layer& l = layer(op, LayerType::Reshape, {in->maker});
  const std::string name = l.name;
  l.shape = {to->channels, to->rows, to->columns};
  if (to->steps != in->form.steps) l.batch = to->steps;
  made(op, name, to);
}

/// A STRIDED_SLICE behind an LSTM that takes the last step: the cell returns it. Inputs: begin, end, strides. Options:
/// begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask.
void TfliteImporter::last_step(const Operator& op) {
  const auto* in = value(op, 0);
  if (!in) return;
  const auto begin = whole_numbers(op, 1), strides = begin ? whole_numbers(op, 3) : std::nullopt;
  if (!begin || !strides) return;
  auto& layers = model_.network.layers;
  const auto cell = std::ranges::find(layers, in->maker, &Layer::name);
  const auto steps = in->form.steps, channels = in->form.channels;
  const auto& shape = tensor(op.outputs[0]).shape;
  const bool last = begin->size() == 3 && ((*begin)[1] == -1 || (*begin)[1] == steps - 1) && strides->size() == 3 &&
                    (*strides)[0] == 1 && (*strides)[1] == 1 && (*strides)[2] == 1;
  const bool masks = (op.option<std::int32_t>(0, 0) & 2) == 0 && op.option<std::int32_t>(2, 0) == 0 &&
                     op.option<std::int32_t>(3, 0) == 0 && op.option<std::int32_t>(4, 0) == 2;
  const bool whole = shape == std::vector<std::int64_t>{1, channels};
  const bool only =
      readers_[static_cast<std::size_t>(op.inputs[0])] == 1 && std::ranges::count(graph_.outputs, op.inputs[0]) == 0;
  if (cell == layers.end() || cell->type != LayerType::Lstm || !last || !masks || !whole || !only ||
      tensor(op.inputs[0]).shape[0] != 1)
    return wrong(op, "it takes a part of a tensor",
                 "slices are understood where they compute a shape, or take the last step of an LSTM that nothing else "
                 "reads");
  if (!same_codes(op, 0)) return;
  cell->returns = Returns::Last;
  for (auto& [name, expected] : expected_)
    if (name == cell->name) expected.n = 1;
  made(op, cell->name);
}

}  // namespace eyrie
