package bundle

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
)

// NewKey makes a signing key from the given randomness.
func NewKey(random io.Reader) (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(random)
	if err != nil {
		return nil, fmt.Errorf("cannot make a signing key: %w", err)
	}
	return key, nil
}

// WriteKey returns a key as PEM (PKCS #8), and its public half as PEM (PKIX).
func WriteKey(key ed25519.PrivateKey) (private, public []byte, err error) {
	a, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot write the signing key: %w", err)
	}
	b, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, nil, fmt.Errorf("cannot write the public key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: a}), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: b}), nil
}

// ReadKey reads a signing key as WriteKey and openssl genpkey write it.
func ReadKey(b []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, errors.New("cannot read the signing key: it is not PEM; make one with iolaus route key FILE")
	}
	k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("cannot read the signing key: %w", err)
	}
	key, ok := k.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New("cannot use the signing key: it is not Ed25519; make one with iolaus route key FILE")
	}
	return key, nil
}

// ReadPublic reads a public key, or the public half of a signing key.
func ReadPublic(b []byte) (ed25519.PublicKey, error) {
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, errors.New("cannot read the public key: it is not PEM")
	}
	if block.Type == "PRIVATE KEY" {
		key, err := ReadKey(b)
		if err != nil {
			return nil, err
		}
		return key.Public().(ed25519.PublicKey), nil
	}
	k, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("cannot read the public key: %w", err)
	}
	key, ok := k.(ed25519.PublicKey)
	if !ok {
		return nil, errors.New("cannot use the public key: it is not Ed25519")
	}
	return key, nil
}
