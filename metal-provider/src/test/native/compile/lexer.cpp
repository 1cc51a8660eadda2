#include "compile/lexer.h"

#include <cctype>

namespace metalsim {
namespace {

bool starts_identifier(char c) { return isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool continues_identifier(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// The end of a quoted literal that begins at `i`.
size_t end_of_literal(std::string_view text, size_t i) {
    char quote = text[i];
    for (i++; i < text.size() && text[i] != quote; i++) {
        if (text[i] == '\\') {
            i++;
        }
    }
    return std::min(i + 1, text.size());
}

// The end of a preprocessor line, continued lines included; the newline is not part of it.
size_t end_of_directive(std::string_view text, size_t i) {
    while (i < text.size() && !(text[i] == '\n' && text[i - 1] != '\\')) {
        i++;
    }
    return i;
}

size_t end_of_number(std::string_view text, size_t i) {
    while (i < text.size() && (continues_identifier(text[i]) || text[i] == '.' ||
                               ((text[i] == '+' || text[i] == '-') && (text[i - 1] == 'e' || text[i - 1] == 'E')))) {
        i++;
    }
    return i;
}

}  // namespace

TokenStream::TokenStream(const std::string& text) : text_(text) {
    bool line_start = true;
    for (size_t i = 0; i < text.size();) {
        char c = text[i];
        if (isspace(static_cast<unsigned char>(c))) {
            line_start |= c == '\n';
            i++;
            continue;
        }
        if (text.compare(i, 2, "//") == 0) {
            i = std::min(text.find('\n', i), text.size());
            continue;
        }
        if (text.compare(i, 2, "/*") == 0) {
            size_t end = text.find("*/", i + 2);
            i = end == std::string::npos ? text.size() : end + 2;
            continue;
        }
        size_t begin = i;
        TokenKind kind;
        if (c == '#' && line_start) {
            kind = TokenKind::kDirective;
            i = end_of_directive(text, i);
        } else if (starts_identifier(c)) {
            kind = TokenKind::kIdentifier;
            while (i < text.size() && continues_identifier(text[i])) {
                i++;
            }
        } else if (isdigit(static_cast<unsigned char>(c))) {
            kind = TokenKind::kNumber;
            i = end_of_number(text, i + 1);
        } else if (c == '"' || c == '\'') {
            kind = TokenKind::kString;
            i = end_of_literal(text, i);
        } else {
            kind = TokenKind::kPunctuation;
            i++;
        }
        line_start = false;
        tokens_.push_back({kind, begin, i});
    }
    tokens_.push_back({TokenKind::kEnd, text.size(), text.size()});
}

std::string_view TokenStream::spelling(size_t i) const {
    const Token& token = (*this)[i];
    return text_.substr(token.begin, token.end - token.begin);
}

bool TokenStream::is(size_t i, std::string_view expected) const { return spelling(i) == expected; }

size_t TokenStream::closing(size_t open) const {
    char opening = spelling(open)[0];
    char close = opening == '(' ? ')' : opening == '[' ? ']' : opening == '{' ? '}' : '>';
    int depth = 0;
    for (size_t i = open; i < size(); i++) {
        if (tokens_[i].kind != TokenKind::kPunctuation) {
            continue;
        }
        char c = spelling(i)[0];
        if (opening == '<' && c == '(') {  // a comparison inside parentheses is no bracket
            i = closing(i);
        } else if (c == opening) {
            depth++;
        } else if (c == close && --depth == 0) {
            return i;
        }
    }
    return size();
}

std::string TokenStream::join(size_t first, size_t last) const {
    std::string result;
    for (size_t i = first; i < last && i < size(); i++) {
        if (i > first && tokens_[i].begin > tokens_[i - 1].end) {
            result += ' ';
        }
        result += spelling(i);
    }
    return result;
}

std::vector<std::pair<size_t, size_t>> TokenStream::split_at_commas(size_t first, size_t last) const {
    std::vector<std::pair<size_t, size_t>> parts;
    size_t begin = first;
    for (size_t i = first; i < last; i++) {
        if (tokens_[i].kind == TokenKind::kPunctuation && std::string_view("([{<").find(spelling(i)[0]) != std::string_view::npos) {
            size_t end = closing(i);
            i = end < last ? end : i;
        } else if (is(i, ",")) {
            parts.emplace_back(begin, i);
            begin = i + 1;
        }
    }
    if (begin < last) {
        parts.emplace_back(begin, last);
    }
    return parts;
}

}  // namespace metalsim
