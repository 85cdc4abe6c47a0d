#pragma once

// A vector whose first N elements lie in the object itself: for lists that are nearly always short, in code that must
// not ask for memory. Longer ones work too, from the heap.

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <type_traits>
#include <utility>

namespace eyrie {

template <class T, std::size_t N>
class InlineVector {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  using value_type = T;

  InlineVector() {}  // not defaulted: {} would set all the bytes to zero first
  InlineVector(std::initializer_list<T> all) { append(all.begin(), all.size()); }
  InlineVector(const InlineVector& other) { append(other.data_, other.size_); }
  InlineVector(InlineVector&& other) noexcept { take(other); }
  InlineVector& operator=(const InlineVector& other) {
    if (this == &other) return *this;
    clear();
    append(other.data_, other.size_);
    return *this;
  }
  InlineVector& operator=(InlineVector&& other) noexcept {
    if (this == &other) return *this;
    release();
    take(other);
    return *this;
  }
  ~InlineVector() { release(); }

  void push_back(const T& x) {
    const T copy = x;  // may lie in this very vector
    if (size_ == capacity_) grow(2 * capacity_);
    std::construct_at(data_ + size_++, copy);
  }
  /// Before the element that stands at `index`.
  void insert(std::size_t index, const T& x) {
    push_back(x);
    std::rotate(data_ + index, data_ + size_ - 1, data_ + size_);
  }
  void clear() { size_ = 0; }
  /// To the first `size` elements.
  void shrink(std::size_t size) { size_ = size; }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T* data() { return data_; }
  [[nodiscard]] const T* data() const { return data_; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  [[nodiscard]] const T* begin() const { return data_; }
  [[nodiscard]] const T* end() const { return data_ + size_; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  T& front() { return data_[0]; }
  [[nodiscard]] const T& front() const { return data_[0]; }
  T& back() { return data_[size_ - 1]; }
  [[nodiscard]] const T& back() const { return data_[size_ - 1]; }
  friend bool operator==(const InlineVector& a, const InlineVector& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  T* inside() { return reinterpret_cast<T*>(bytes_); }

  void append(const T* from, std::size_t count) {
    if (size_ + count > capacity_) grow(size_ + count);
    std::uninitialized_copy_n(from, count, data_ + size_);
    size_ += count;
  }
  void grow(std::size_t capacity) {
    T* more = std::allocator<T>{}.allocate(capacity);
    std::uninitialized_copy_n(data_, size_, more);
    if (data_ != inside()) std::allocator<T>{}.deallocate(data_, capacity_);
    data_ = more;
    capacity_ = capacity;
  }
  void release() {
    if (data_ != inside()) std::allocator<T>{}.deallocate(data_, capacity_);
    data_ = inside();
    capacity_ = N;
    size_ = 0;
  }
  /// Of an empty vector.
  void take(InlineVector& other) {
    if (other.data_ == other.inside()) {
      std::uninitialized_copy_n(other.data_, other.size_, data_);
      size_ = std::exchange(other.size_, 0);
      return;
    }
    data_ = std::exchange(other.data_, other.inside());
    capacity_ = std::exchange(other.capacity_, N);
    size_ = std::exchange(other.size_, 0);
  }

  T* data_ = inside();
  std::size_t size_ = 0, capacity_ = N;
  alignas(T) std::byte bytes_[N * sizeof(T)];
};

}  // namespace eyrie
