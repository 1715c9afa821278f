// Package bundle seals files into one that shows any change: an ordinary zip
// archive whose comment is an Ed25519 signature over every byte before it.
//
// It promises that a bundle in which any byte was changed, added or removed does
// not verify, and that anybody can open it with common tools. It refuses to say
// who holds a key: that is compared by its fingerprint, on another way.
package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// A Member is one file of a bundle.
type Member struct {
	Name string
	Data []byte
}

// A Manifest says what a bundle holds. It is its first member.
type Manifest struct {
	Format  string    `json:"format"`
	Made    time.Time `json:"made"` // the day of the audit
	Notice  string    `json:"notice"`
	Members []Entry   `json:"members"`
}

// An Entry is one member's name, size in bytes and hash.
type Entry struct {
	Name   string `json:"name"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

const (
	format   = "iolaus evidence bundle 1"
	manifest = "manifest.json"
	head     = "iolaus-ed25519 "
	// comment is "iolaus-ed25519 KEY SIGNATURE", both in small hexadecimal.
	commentLen = len(head) + 2*ed25519.PublicKeySize + 1 + 2*ed25519.SignatureSize
)

// Seal returns a bundle of the members, signed with key. Made and the members
// decide its bytes: the same ones give the same bundle.
func Seal(key ed25519.PrivateKey, made time.Time, notice string, members []Member) ([]byte, error) {
	m := Manifest{Format: format, Made: made.UTC(), Notice: notice}
	for _, f := range members {
		sum := sha256.Sum256(f.Data)
		m.Members = append(m.Members, Entry{f.Name, len(f.Data), hex.EncodeToString(sum[:])})
	}
	first, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("cannot write the manifest: %w", err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range append([]Member{{manifest, append(first, '\n')}}, members...) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: made.UTC()})
		if err == nil {
			_, err = w.Write(f.Data)
		}
		if err != nil {
			return nil, fmt.Errorf("cannot add %s to the bundle: %w", f.Name, err)
		}
	}
	if err := z.SetComment(string(make([]byte, commentLen))); err != nil {
		return nil, fmt.Errorf("cannot leave room for the signature: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("cannot close the bundle: %w", err)
	}
	raw := b.Bytes()
	signed := raw[:len(raw)-commentLen]
	copy(raw[len(signed):], comment(key.Public().(ed25519.PublicKey), ed25519.Sign(key, signed)))
	return raw, nil
}

func comment(key ed25519.PublicKey, signature []byte) string {
	return head + hex.EncodeToString(key) + " " + hex.EncodeToString(signature)
}

// ErrChanged is what Open finds when a bundle is not as it was sealed.
var ErrChanged = errors.New("the bundle is not as it was sealed")

// Open verifies a bundle and returns its manifest, its members and the key that
// signed it. The error is ErrChanged with a reason when any byte is not as sealed.
func Open(raw []byte) (*Manifest, []Member, ed25519.PublicKey, error) {
	key, err := signer(raw)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%w: %w", ErrChanged, err)
	}
	m, members, err := contents(raw)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%w: %w", ErrChanged, err)
	}
	return m, members, key, nil
}

// signer checks the signature and returns the key.
func signer(raw []byte) (ed25519.PublicKey, error) {
	if len(raw) < commentLen+22 {
		return nil, errors.New("it is too short to be a bundle")
	}
	signed, tail := raw[:len(raw)-commentLen], string(raw[len(raw)-commentLen:])
	if n := binary.LittleEndian.Uint16(signed[len(signed)-2:]); int(n) != commentLen {
		return nil, errors.New("it does not end in a signature of this kind")
	}
	key, err1 := hex.DecodeString(tail[len(head) : len(head)+2*ed25519.PublicKeySize])
	signature, err2 := hex.DecodeString(tail[len(tail)-2*ed25519.SignatureSize:])
	if err1 != nil || err2 != nil || comment(key, signature) != tail {
		return nil, errors.New("its signature is not written as it was")
	}
	if !ed25519.Verify(key, signed, signature) {
		return nil, errors.New("its signature does not fit its content")
	}
	return key, nil
}

// contents reads the archive and holds it to its manifest.
func contents(raw []byte) (*Manifest, []Member, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, nil, err
	}
	var m Manifest
	var members []Member
	for i, f := range z.File {
		data, err := read(f)
		if err != nil {
			return nil, nil, err
		}
		if i == 0 {
			if f.Name != manifest || json.Unmarshal(data, &m) != nil || m.Format != format {
				return nil, nil, errors.New("it has no manifest")
			}
			continue
		}
		sum := sha256.Sum256(data)
		if i > len(m.Members) || m.Members[i-1] != (Entry{f.Name, len(data), hex.EncodeToString(sum[:])}) {
			return nil, nil, fmt.Errorf("member %s is not in the manifest as it is", f.Name)
		}
		members = append(members, Member{f.Name, data})
	}
	if len(members) != len(m.Members) || len(z.File) == 0 {
		return nil, nil, errors.New("members are missing")
	}
	return &m, members, nil
}

// memberMost bounds a member, so that an archive from elsewhere cannot fill the memory.
const memberMost = 1 << 30

func read(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, memberMost+1))
	if err == nil && len(data) > memberMost {
		err = fmt.Errorf("member %s is larger than %d bytes", f.Name, memberMost)
	}
	return data, err
}

// Fingerprint names a public key so that two people can compare it aloud.
func Fingerprint(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	s := hex.EncodeToString(sum[:16])
	out := s[:4]
	for i := 4; i < len(s); i += 4 {
		out += "-" + s[i:i+4]
	}
	return out
}
