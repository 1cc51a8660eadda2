// Tokens of Metal Shading Language text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace metalsim {

enum class TokenKind { kIdentifier, kNumber, kString, kDirective, kPunctuation, kEnd };

struct Token {
    TokenKind kind;
    size_t begin, end;  // offsets into the text
};

/// A text and its tokens. White space and comments are between the tokens; a preprocessor line is one token.
class TokenStream {
   public:
    explicit TokenStream(const std::string& text);

    size_t size() const { return tokens_.size() - 1; }
    const Token& operator[](size_t i) const { return tokens_[i < tokens_.size() ? i : tokens_.size() - 1]; }
    std::string_view spelling(size_t i) const;
    bool is(size_t i, std::string_view spelling) const;
    bool is_identifier(size_t i) const { return (*this)[i].kind == TokenKind::kIdentifier; }

    /// The index of the bracket that closes the one at `open`, or size() where there is none. For `<` the text must be a
    /// template argument list.
    size_t closing(size_t open) const;

    /// The text of tokens [first, last), with one space where there was any.
    std::string join(size_t first, size_t last) const;

    /// Splits tokens [first, last) at the commas outside all brackets.
    std::vector<std::pair<size_t, size_t>> split_at_commas(size_t first, size_t last) const;

   private:
    std::string_view text_;
    std::vector<Token> tokens_;
};

}  // namespace metalsim
