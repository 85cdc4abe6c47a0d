#include "tests/support/tflite_builder.hpp"

namespace eyrie::test {

namespace {

template <class T>
void put(FileBytes& to, T value) {
  const auto bytes = bytes_of(std::vector{value});
  to.insert(to.end(), bytes.begin(), bytes.end());
}
template <class T>
void patch(FileBytes& to, std::size_t at, T value) {
  std::memcpy(to.data() + at, &value, sizeof(T));
}
void align(FileBytes& to, std::size_t n) {
  while (to.size() % n != 0) to.push_back(std::byte{0});
}
/// The offset in the four bytes at `place` leads to the end of what is written.
void lead_here(FileBytes& to, std::size_t place) { patch(to, place, static_cast<std::uint32_t>(to.size() - place)); }

}  // namespace

/// Vtable, table, then what it leads to; returns where the table is.
std::size_t FlatNode::write(FileBytes& to) const {
  const int count = fields_.empty() ? 0 : fields_.rbegin()->first + 1;
  const auto vtable_size = static_cast<std::uint16_t>(4 + 2 * count);
  align(to, 8);
  while ((to.size() + vtable_size) % 8 != 0) to.push_back(std::byte{0});
  const auto vtable = to.size();
  put(to, vtable_size);
  put(to, static_cast<std::uint16_t>(8 + 8 * fields_.size()));
  for (int i = 0; i < count; ++i) put(to, std::uint16_t{0});
  const auto table = to.size();
  put(to, static_cast<std::int32_t>(table - vtable));
  put(to, std::int32_t{0});
  std::map<int, std::size_t> places;
  for (const auto& [field, value] : fields_) {
    places[field] = to.size();
    patch(to, vtable + 4 + 2 * static_cast<std::size_t>(field), static_cast<std::uint16_t>(to.size() - table));
    FileBytes inlined = std::holds_alternative<Scalar>(value) ? std::get<Scalar>(value).bytes : FileBytes{};
    inlined.resize(8);
    to.insert(to.end(), inlined.begin(), inlined.end());
  }
  for (const auto& [field, value] : fields_) {
    if (const auto* v = std::get_if<Vector>(&value)) {
      align(to, 8);
      put(to, std::uint32_t{0});  // so that the elements are aligned
      lead_here(to, places[field]);
      put(to, v->count);
      to.insert(to.end(), v->bytes.begin(), v->bytes.end());
    }
    const auto* t = std::get_if<Tables>(&value);
    if (t && !t->vector) {
      const auto at = t->nodes[0].write(to);
      patch(to, places[field], static_cast<std::uint32_t>(at - places[field]));
    }
    if (t && t->vector) {
      align(to, 4);
      lead_here(to, places[field]);
      put(to, static_cast<std::uint32_t>(t->nodes.size()));
      const auto first = to.size();
      for (std::size_t i = 0; i < t->nodes.size(); ++i) put(to, std::uint32_t{0});
      for (std::size_t i = 0; i < t->nodes.size(); ++i) {
        const auto at = t->nodes[i].write(to);
        patch(to, first + 4 * i, static_cast<std::uint32_t>(at - (first + 4 * i)));
      }
    }
  }
  return table;
}

FileBytes FlatNode::file(const std::string& identifier) const {
  FileBytes all;
  put(all, std::uint32_t{0});
  for (const char c : identifier) put(all, c);
  patch(all, 0, static_cast<std::uint32_t>(write(all)));
  return all;
}

void TfliteBuilder::op(std::int32_t code, std::vector<std::int32_t> inputs, std::int32_t output, FlatNode options,
                       const std::string& custom) {
  FlatNode kind;
  kind.number(0, static_cast<std::int8_t>(code > 127 ? 127 : code)).number(3, code);
  if (!custom.empty()) kind.text(1, custom);
  codes_.push_back(kind);
  FlatNode node;
  node.number(0, static_cast<std::uint32_t>(codes_.size() - 1)).numbers(1, inputs);
  node.numbers(2, std::vector<std::int32_t>{output}).table(4, std::move(options));
  operators_.push_back(std::move(node));
}

FileBytes TfliteBuilder::file(const std::vector<std::int32_t>& inputs, const std::vector<std::int32_t>& outputs) const {
  std::vector<FlatNode> tensors, buffers{FlatNode{}};
  for (const auto& t : tensors_) {
    FlatNode node;
    node.numbers(0, t.shape).number(1, t.type).text(3, t.name);
    if (!t.data.empty()) {
      node.number(2, static_cast<std::uint32_t>(buffers.size()));
      buffers.push_back(FlatNode{}.numbers(0, t.data));
    }
    if (!t.scales.empty())
      node.table(4, FlatNode{}.numbers(2, t.scales).numbers(3, t.zeros).number(6, t.channel_dimension));
    if (t.variable) node.number(5, std::uint8_t{1});
    tensors.push_back(std::move(node));
  }
  FlatNode graph;
  graph.tables(0, tensors).numbers(1, inputs).numbers(2, outputs).tables(3, operators_);
  FlatNode model;
  model.number(0, std::uint32_t{3}).tables(1, codes_).tables(2, {graph}).tables(4, buffers);
  return model.file("TFL3");
}

static FlatNode of_numbers(const std::map<int, int>& wide, const std::map<int, int>& narrow) {
  FlatNode node;
  for (const auto& [field, value] : wide) node.number(field, std::int32_t{value});
  for (const auto& [field, value] : narrow) node.number(field, static_cast<std::int8_t>(value));
  return node;
}

FlatNode conv_options(bool valid, int stride_rows, int stride_columns, int activation, int dilation_rows,
                      int dilation_columns) {
  return of_numbers({{1, stride_columns}, {2, stride_rows}, {4, dilation_columns}, {5, dilation_rows}},
                    {{0, valid ? 1 : 0}, {3, activation}});
}

FlatNode depthwise_options(bool valid, int stride_rows, int stride_columns, int multiplier, int activation,
                           int dilation_rows, int dilation_columns) {
  return of_numbers({{1, stride_columns}, {2, stride_rows}, {3, multiplier}, {5, dilation_columns}, {6, dilation_rows}},
                    {{0, valid ? 1 : 0}, {4, activation}});
}

FlatNode pool_options(bool valid, int stride_rows, int stride_columns, int rows, int columns, int activation) {
  return of_numbers({{1, stride_columns}, {2, stride_rows}, {3, columns}, {4, rows}},
                    {{0, valid ? 1 : 0}, {5, activation}});
}

FlatNode activation_options(int activation) { return of_numbers({}, {{0, activation}}); }

}  // namespace eyrie::test
